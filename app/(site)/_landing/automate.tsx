const words = /\b(const|await|new)\b/;

const code = `const answer = await fetch(
  \`\${issuer}/oauth/authorize?\${new URLSearchParams({
    client_id, redirect_uri, code_challenge,
    code_challenge_method: 'S256',
    auto_approve: 'true' })}\`, { redirect: 'manual' })

const back = new URL(answer.headers.get('location'))
back.searchParams.get('code')`;

/** A code, without a browser. */
export function AutomateCode() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it may have to be scrolled by keyboard
    <pre tabIndex={0}>
      {code.split(words).map((part, index) =>
        index % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one unchanging text
          <span key={index} className="k">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </pre>
  );
}
