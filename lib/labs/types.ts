/** What a lab is, as data; and the facts of one that is played. Plain JSON, so that a run can be kept. */
import type { Check, Exchange, Party } from '#lib/exchange/types.ts';

/** The four parties, and the fifth hand. */
export type Hand = Party | 'attacker';
/** Whose values a moment uses: each side has a bag of its own. */
export type Side = 'victim' | 'attacker';
/** Whether the defence is in force. */
export type Position = 'off' | 'on';
/** A text for both positions, or one for each. */
export type Words = string | { readonly off?: string; readonly on?: string };

/** Settings of the client that the lab plays itself. */
export interface ClientSwitches {
  /** Whether it sends and compares `state`, and sends PKCE. */
  readonly binding: 'none' | 'state-and-pkce';
  /** Whether it compares `iss` with the issuer that it recorded. */
  readonly iss: 'ignore' | 'compare';
  /** Where its tokens lie: in the browser's storage, or in a backend behind a cookie. */
  readonly tokens: 'browser' | 'backend';
}

/** What one position of the switch sets. */
export interface Setting {
  /** Knobs of the sandbox. Strings are templates. */
  readonly knobs: Readonly<Record<string, unknown>>;
  readonly client?: Partial<ClientSwitches>;
  /** What the switch changes, in one sentence. */
  readonly does: string;
}

/** A request, as its sender writes it. All strings are templates; a value that is not held is not sent. */
export interface RequestParts {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: Readonly<Record<string, unknown>>;
  /** An MCP tool to call: headers and body follow. */
  readonly tool?: { readonly name: string; readonly arguments?: Readonly<Record<string, string>> };
}

interface Common {
  /** Unique in the lab. */
  readonly id: string;
  readonly only?: Position;
  /** Beside its first line: "you press *Approve*". */
  readonly aside?: Words;
}

/** One request, and its answer. */
export interface Send extends Common, RequestParts {
  readonly act: 'send';
  readonly from: Hand;
  readonly to: Hand;
  /** Values of the answer that the sender then holds: as named there, or `own name: name in the answer`. */
  readonly brings?: readonly string[] | Readonly<Record<string, string>>;
  /** Parameters and headers that are shown below its line. */
  readonly shows?: readonly string[];
  /** The address as it is called in a few words, if its path says little. */
  readonly label?: string;
}

/** An authorization request that a person decides about on the consent page. */
export interface Approve extends Common {
  readonly act: 'approve';
  /** Who approves. The attacker signs in without the page; you see it. */
  readonly who: 'you' | 'attacker';
  /** Whose values stand in the request, if somebody else wrote it. */
  readonly values?: Side;
  readonly query: Readonly<Record<string, string>>;
  /** The authorization endpoint, if it is not the sandbox's own. */
  readonly url?: string;
  readonly decides: 'approve' | 'deny' | 'nothing';
  readonly shows?: readonly string[];
}

/** You open an address, and the browser goes where redirects lead, as far as they stay in the sandbox. */
export interface Follow extends Common {
  readonly act: 'follow';
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Whose values stand in the address. */
  readonly values?: Side;
  /** On its first arrow, if somebody else sent the address. */
  readonly label?: string;
}

/** Somebody comes to hold what passes by: nothing is sent for it. */
export interface Sees extends Common {
  readonly act: 'sees';
  readonly from: Hand;
  readonly to: Hand;
  /** What is taken: own name, and the name it had. */
  readonly takes: Readonly<Record<string, string>>;
  /** On its arrow: "reads it". */
  readonly label: string;
  /** It is given, and not only seen: a link that is sent. */
  readonly sent?: true;
}

/** The browser brings an answer to the client, which compares what it compares. Nothing reaches the server. */
export interface Callback extends Common {
  readonly act: 'callback';
  /** Whose answer it is: the one that travels, or the one in the attacker's link. */
  readonly of: Side;
}

/** The browser opens the consent page that waits. */
export interface Page extends Common {
  readonly act: 'page';
  /** True: in a frame of the attacker's page. */
  readonly framed?: true;
}

/** The person presses a button on the consent page that is open. */
export interface Press extends Common {
  readonly act: 'press';
  readonly decides: 'approve' | 'deny';
  /** True: the click was meant for something else, so it needs the page to be shown in the frame. */
  readonly framed?: true;
}

/** The attacker writes a token by herself. */
export interface Forge extends Common {
  readonly act: 'forge';
  /** The name under which she holds it. */
  readonly as: string;
  readonly how: 'none' | 'hmac-with-public-key' | 'own-key';
  /** Claims over those of the token that she copies. */
  readonly claims: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
}

/** The page of the client keeps values in the browser's storage, or a script reads it. */
export interface Store extends Common {
  readonly act: 'store';
  readonly does: 'keep' | 'read';
  readonly values: readonly string[];
}

export type Act = Send | Approve | Follow | Sees | Callback | Page | Press | Forge | Store;

/** A moment: who acts, and what the other side notices. */
export interface Moment {
  readonly id: string;
  readonly side: Side;
  readonly title: string;
  readonly says: string;
  /** What the other side notices, in a line. */
  readonly meanwhile: Words;
  readonly only?: Position;
  readonly acts: readonly Act[];
  /** What stands there if nothing could be sent. */
  readonly passed?: string;
  /** What stands beside the answer: "three notes, all yours". */
  readonly outcome?: Words;
}

/** One term of a goal or a damage; all of them have to hold. */
export type Term =
  | {
      readonly is: 'held';
      readonly by: Side;
      readonly value: string;
      /** The user that the token is for. */
      readonly user?: string;
      /** Whether the grant behind it lives. */
      readonly active?: boolean;
    }
  | {
      readonly is: 'answered';
      /** Id of an act, or several: how many of them. */
      readonly act: string | readonly string[];
      readonly status?: number;
      readonly reason?: string;
      /** A check that objected. */
      readonly check?: string;
      /** What the body holds. */
      readonly has?: string;
      /** The host that it redirects to. */
      readonly redirects?: 'unregistered';
      readonly min?: number;
    }
  | { readonly is: 'families'; readonly max?: number; readonly min?: number }
  | { readonly is: 'not'; readonly term: Term };

export interface Predicate {
  readonly says: string;
  readonly all: readonly Term[];
}

/** One line of the specimen in the index: the attack in small. */
export interface Stroke {
  readonly from: Hand;
  readonly to: Hand | 'inside';
  /** Who made the values that it carries. */
  readonly beads?: readonly Hand[];
  /** Only seen, not sent. */
  readonly sees?: true;
  /** Where the defence stops it. */
  readonly stop?: true;
  /** What follows without the defence. */
  readonly pale?: true;
}

export interface Lab {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly minutes: number;
  /** For the index: at most 95 characters. */
  readonly line: string;
  readonly lede: string;
  /** Where it happens, and why it harms nobody. */
  readonly aside: string;
  readonly attacker: string;
  readonly victim: string;
  /** What her glyph is called, if she is a server. */
  readonly attackerIs?: string;
  readonly defence: {
    readonly title: string;
    /** As the index has it, and in sentences. */
    readonly short: string;
    /** Whose job it is. */
    readonly by: readonly Hand[];
    readonly off: Setting;
    readonly on: Setting;
    /** Parameters that requests lack with the defence off. */
    readonly leavesOut?: readonly string[];
  };
  /** Knobs of both positions. */
  readonly setup?: Readonly<Record<string, unknown>>;
  /** Clients beside the lab's own. */
  readonly clients?: readonly Readonly<Record<string, unknown>>[];
  /** Notes that are in your account before it begins. */
  readonly notes?: readonly string[];
  /** What has happened before the first moment; not drawn. */
  readonly before?: readonly Act[];
  readonly moments: readonly Moment[];
  readonly goal: Predicate;
  readonly damage: Predicate;
  /** The act that the defence ends, the check that does it, and the hand at which it happens. */
  readonly stop: { readonly act: string; readonly check: string; readonly at: Exclude<Hand, 'attacker'> };
  /** What the figure of the checks shows. */
  readonly eye: {
    readonly title: string;
    readonly waits: string;
    /** Parameters of an earlier act that were kept, and that the checks compare with. */
    readonly kept?: { readonly act: string; readonly names: readonly string[]; readonly says: string };
    /** The parameter or header that is not there, inserted in red. */
    readonly missing?: { readonly name: string; readonly says: string };
    readonly off: string;
    readonly on: string;
  };
  readonly seen: Readonly<Record<Position, string>>;
  readonly home: {
    readonly client: string;
    readonly server: string;
    readonly clauses: { readonly client: readonly string[]; readonly server: readonly string[] };
  };
  readonly see: {
    readonly rules?: readonly string[];
    readonly experiments?: readonly string[];
    readonly scenarios?: readonly string[];
    readonly tracks?: readonly string[];
  };
  readonly specimen: readonly Stroke[];
}

/** A check of the server, the client or the browser. */
export interface LabCheck extends Check {
  readonly by: Exclude<Hand, 'attacker'>;
  /** Why it objected. */
  readonly reason: string | null;
}

/** What one act did. */
export interface Done {
  readonly act: string;
  readonly moment: number;
  readonly from: Hand;
  readonly to: Hand;
  /** Wall time, ms. */
  readonly at: number;
  /** Null if nothing travelled to a server. */
  readonly exchange: Exchange | null;
  /** Checks of the client or the browser. */
  readonly checks: readonly LabCheck[];
  /** Values that its sender, or whoever saw it, holds since. */
  readonly made: Readonly<Record<string, string>>;
  /** Names and values that it used. */
  readonly used: Readonly<Record<string, string>>;
  /** Names that it lacked: it was not done. */
  readonly missing: readonly string[];
}

/** A run in one position. */
export interface LabRun {
  readonly position: Position;
  /** Wall time of the beginning, ms. */
  readonly at: number;
  /** Index of the next moment; as many as there are moments when it is over. */
  readonly next: number;
  readonly done: readonly Done[];
  readonly bags: Readonly<Record<Side, Readonly<Record<string, string>>>>;
  /** What the server keeps in the end: grants by id, alive or not; living refresh tokens. */
  readonly grants: Readonly<Record<string, boolean>>;
  readonly families: number;
  readonly sandbox: string;
}
