/** Whether an answer may be a page: only where `Accept` names `text/html`, and does not weigh it with nothing. */
export function wantsHtml(headers: Headers): boolean {
  return (headers.get('accept') ?? '').split(',').some((part) => {
    const [type, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    return type === 'text/html' && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}
