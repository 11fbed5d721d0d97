/** What the server said when it refused: in its own words, aloud. */
export function Trouble({ says }: { readonly says: string | null }) {
  return (
    <p className={says ? 'trouble' : 'vh'} role="alert">
      {says}
    </p>
  );
}
