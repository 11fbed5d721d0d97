import { Icon } from '#components/values/glyph.tsx';

/** Copies the text of the element with this id. */
export function Copy({ from, label }: { readonly from: string; readonly label: string }) {
  return (
    <button type="button" className="cpy needs-script" data-copy={from} aria-label={label} title={label}>
      <Icon name="copy" />
    </button>
  );
}
