import { Footer } from '#components/site/footer.tsx';

export default function Landing() {
  return (
    <>
      <main id="main" className="sheet-page">
        <h1 className="title">It starts with a 401.</h1>
        <p className="lede">Walk from the refusal to the call, one real request at a time.</p>
        <p><a className="go" href="/guide/authorization-code">Begin the walk</a></p>
      </main>
      <Footer />
    </>
  );
}
