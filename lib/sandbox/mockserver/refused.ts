/** What a MockServer request asks for and has no counterpart here. */

/** Thrown with the name of the member that does not translate. */
export class NotTranslated extends Error {
  constructor(name: string, why: string) {
    super(`${name}: ${why}`);
    this.name = 'NotTranslated';
  }
}
