/** The one cookie of an origin: 256 random bits that name a browser; what is known of it is on the server. */

const VALUE = /^[A-Za-z0-9_-]{43}$/;

/** `__Host-` wants https; plain http (a loopback instance) goes without the prefix. */
export function cookieName(origin: string): string {
  return origin.startsWith('https:') ? '__Host-authwalk' : 'authwalk';
}

/** The browser's id from its `Cookie` header; null if it has none, several, or one that was not made here. */
export function readCookie(header: string | null, origin: string): string | null {
  if (header === null) return null;
  const name = cookieName(origin);
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && VALUE.test(value) ? value : null;
}

/** The `Set-Cookie` value: one cookie an origin, unreadable to scripts, not sent along by other sites' requests. */
export function setCookie(id: string, origin: string): string {
  return (
    `${cookieName(origin)}=${id}; Path=/; HttpOnly; SameSite=Lax; ` +
    `Max-Age=15552000${origin.startsWith('https:') ? '; Secure' : ''}`
  );
}
