import { Brand } from '#components/site/brand.tsx';
import { ThemeToggle } from '#components/site/theme-toggle.tsx';
import { Glyph } from '#components/values/glyph.tsx';
import { shorten } from '#components/values/value.tsx';

/** The slim bar of this page: who is speaking, and for which sandbox. No way out but the two in the form. */
export function Bar({ sandbox, notes }: { readonly sandbox: string | null; readonly notes: boolean }) {
  return (
    <header className="bar">
      <Brand />
      <span className="at ui">
        <span className="as hand">
          <Glyph hand="as" />
          Authorization server
        </span>
        {sandbox && (
          <span className="lbl">
            , sandbox <code>{shorten(sandbox, 4, 0)}</code>
          </span>
        )}
      </span>
      <div className="end">
        {notes && (
          <label className="hide link">
            <input type="checkbox" id="hide-notes" />
            <span className="say-hide">Hide the notes</span>
            <span className="say-show">Show the notes</span>
          </label>
        )}
        <ThemeToggle />
      </div>
    </header>
  );
}
