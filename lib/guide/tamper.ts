/** Changes one character in the middle of a token's signature: its last ones may carry bits without meaning. */
export function tamperSignature(token: string): string {
  const cut = token.lastIndexOf('.') + 1;
  const at = cut + Math.floor((token.length - cut) / 2);
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}
