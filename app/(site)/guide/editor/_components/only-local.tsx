/** Why levels of one's own are neither written nor played on an instance that others reach. */
export function OnlyLocal() {
  return (
    <main id="main" className="sheet-page">
      <h1 className="title">On your own machine only</h1>
      <p className="lede">
        A level of your own shows any text that its author wrote. On an instance that everybody can reach, such a text
        could pass for ours. Run <code>npx authwalk serve</code>, and open the same address there.
      </p>
      <p className="lede">
        The <a href="/levels">fourteen levels</a> can be played here.
      </p>
    </main>
  );
}
