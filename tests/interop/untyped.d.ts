/** Clients of others that bring no types: as much of them as the tests use. */

declare module 'passport-openidconnect' {
  type Done = (error: unknown, user?: unknown) => void;
  export default class Strategy {
    constructor(
      options: Readonly<Record<string, unknown>>,
      verify: (issuer: string, profile: Readonly<Record<string, unknown>>, done: Done) => void,
    );
    authenticate(request: unknown, options?: unknown): void;
  }
}

declare module 'passport-oauth2' {
  type Done = (error: unknown, user?: unknown) => void;
  export default class Strategy {
    constructor(
      options: Readonly<Record<string, unknown>>,
      verify: (accessToken: string, refreshToken: string, profile: unknown, done: Done) => void,
    );
    authenticate(request: unknown, options?: unknown): void;
  }
}

declare module 'simple-oauth2' {
  interface Token {
    readonly token: Readonly<Record<string, unknown>>;
    refresh(): Promise<Token>;
    revokeAll(): Promise<void>;
  }
  export class AuthorizationCode {
    constructor(options: unknown);
    authorizeURL(parameters: unknown): string;
    getToken(parameters: unknown): Promise<Token>;
  }
  export class ClientCredentials {
    constructor(options: unknown);
    getToken(parameters: unknown): Promise<Token>;
  }
}

declare module 'parse-prometheus-text-format' {
  interface Metric {
    readonly labels?: Readonly<Record<string, string>>;
    readonly value?: string;
  }
  interface Family {
    readonly name: string;
    readonly help: string;
    readonly type: string;
    readonly metrics: readonly Metric[];
  }
  export default function parsePrometheusTextFormat(text: string): Family[];
}
