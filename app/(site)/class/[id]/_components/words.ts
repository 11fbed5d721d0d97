/** What the wall says of the track that its class walks. */
export interface WallTrack {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly {
    readonly id: string;
    readonly title: string;
    /** By reason: what to say to whoever was refused for it. */
    readonly help: Readonly<Record<string, string>>;
  }[];
  readonly experiments: readonly {
    readonly id: string;
    readonly step: number;
    readonly letter: string;
    readonly title: string;
    readonly question: string;
    readonly options: readonly { readonly text: string; readonly right: boolean }[];
  }[];
}

export interface ReasonWords {
  readonly says: string;
  readonly error: string | null;
}
