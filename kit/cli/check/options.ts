/** What `authwalk check` is told on the command line. */
export interface CheckOptions {
  readonly scenario?: string[];
  readonly group?: string[];
  readonly feature?: string[];
  readonly revision: string;
  readonly oauth?: boolean;
  readonly level: 'MUST' | 'SHOULD';
  readonly requireObserved?: boolean;
  readonly expectedFailures?: string;
  readonly writeExpectedFailures?: string;
  readonly consent: 'approve' | 'deny' | 'ask';
  readonly browser: 'follow' | 'none';
  readonly redirectUri?: string[];
  readonly jobs: number;
  readonly timeout: number;
  readonly url?: string;
  readonly keepGoing?: boolean;
  readonly reporter?: string[];
  readonly json?: boolean;
  readonly outputDir?: string;
  readonly keep?: boolean;
  readonly list?: boolean;
}
