/** Where a page stands: what it shows of the server and of the sandbox. Whoever shows a page hands this in. */

export interface PagePlace {
  /** Id of the sandbox; `default` at the root. */
  readonly sandboxId: string;
  /** `{origin}`, without a trailing slash. */
  readonly origin: string;
  /** `{base}`: where the endpoints are. */
  readonly base: string;
  /** Whether the instance is public: the page then warns. */
  readonly isPublic: boolean;
}
