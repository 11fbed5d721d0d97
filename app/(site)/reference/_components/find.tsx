import '#components/site/find.css';

/** The search of the whole reference; `public/pages.js` answers as one types. */
export function Find() {
  return (
    <search className="ref-find">
      <label className="find">
        <span className="vh">Search the reference</span>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="7" cy="7" r="4.5" />
          <path d="m10.5 10.5 3.5 3.5" />
        </svg>
        <input
          type="search"
          data-search="/reference/index.json"
          placeholder="Search endpoints, parameters, errors, rules, knobs"
          role="combobox"
          aria-expanded="false"
          aria-controls="found"
          aria-autocomplete="list"
          autoComplete="off"
        />
        <kbd title="Press / to search">/</kbd>
      </label>
      <p className="cap" data-see="" hidden />
      <div id="found" className="ref-found" role="listbox" aria-label="Found" hidden />
      <p className="vh" role="status" data-count="" />
    </search>
  );
}
