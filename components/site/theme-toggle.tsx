/** One button with three faces; `public/theme.js` and the style sheet do the rest. */
export function ThemeToggle() {
  return (
    <button type="button" className="icon" data-theme-toggle="">
      <span className="t-system">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="5.5" />
          <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" stroke="none" />
        </svg>
        <span className="vh">Theme as the system has it. Change to light</span>
      </span>
      <span className="t-light">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="3" />
          <path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25" />
          <path d="M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9" />
        </svg>
        <span className="vh">Light theme. Change to dark</span>
      </span>
      <span className="t-dark">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z" />
        </svg>
        <span className="vh">Dark theme. Change to the system’s</span>
      </span>
    </button>
  );
}
