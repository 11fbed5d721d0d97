import { headerOf, interactionOf, parameterOf } from '#lib/exchange/read.ts';
import type { Exchange, Party } from '#lib/exchange/types.ts';
import { makePkce, makeState } from '#lib/guide/pkce.ts';
import type { Prepared } from '#lib/guide/prepare.ts';
import { type KeyStore, makeKey, memoryKeys, signProof } from '#lib/guide/proofs.ts';
import { findRecord, mergeRecord, sendPrepared } from '#lib/guide/record.ts';
import { answerChecks, frameCheck } from './checks.ts';
import type { PlayerOptions } from './player-options.ts';
import { ATTACKER, asKept, decisionForm, YOU } from './people.ts';
import { carriedBy, namesIn, requestOf, type Values, without } from './requests.ts';
import { broughtBy, forged, givenValues, linkOf, type Outcome, seenOf, stored } from './values.ts';
import type { Act, Approve, ClientSwitches, Done, Hand, LabCheck, Moment, RequestParts, Side } from './types.ts';

const SWITCHES: ClientSwitches = { binding: 'state-and-pkce', iss: 'compare', tokens: 'backend' };
/** Redirects that a browser follows before it gives up. */
const HOPS = 10;
/** As a person who opens a page. */
const HTML: readonly [string, string] = ['Accept', 'text/html'];

export class Player {
  readonly #options: PlayerOptions;
  readonly #keys: KeyStore = memoryKeys();
  readonly bags: Record<Side, Record<string, string>>;
  readonly done: Done[] = [];
  /** What the browser carries between the servers: the latest redirect. */
  #travels: Record<string, string> = {};
  #interaction: string | null = null;
  /** The page in the frame was shown. */
  #framed = false;
  #last = 0;
  readonly #claimed = new Set<number>();

  constructor(options: PlayerOptions) {
    this.#options = options;
    const { origin, sandbox } = options;
    const given = givenValues(origin, sandbox);
    this.bags = { victim: { ...given }, attacker: { ...given } };
  }

  /** Makes what both sides make for themselves. Call it before the first act. */
  async begin(): Promise<void> {
    const { api, sandbox } = this.#options;
    for (const side of ['victim', 'attacker'] as const) {
      const pkce = await makePkce();
      const { jkt } = await makeKey(this.#keys);
      Object.assign(this.bags[side], {
        state: makeState(),
        code_verifier: pkce.verifier,
        code_challenge: pkce.challenge,
        dpop_jkt: jkt,
      });
    }
    this.#last = (await api.exchanges(sandbox, 0))?.last ?? 0;
  }

  get #client(): ClientSwitches {
    const { lab, position } = this.#options;
    return { ...SWITCHES, ...lab.defence[position].client };
  }

  /**
   * Plays a moment.
   * @returns false if nothing of it could be done: what it needs is not held
   */
  async play(moment: Moment, index: number): Promise<boolean> {
    let isDone = false;
    for (const act of moment.acts) {
      if (act.only !== undefined && act.only !== this.#options.position) continue;
      const missing = await this.act(act, index);
      if (missing.length > 0) break;
      isDone = true;
    }
    return isDone;
  }

  /**
   * Does one act.
   * @param moment its number; -1 before the first
   * @returns names that were lacking: then nothing was done
   */
  async act(act: Act, moment: number): Promise<readonly string[]> {
    const begun = this.done.length;
    const missing = await this.#do(act, moment);
    if (missing.length > 0 && this.done.length === begun)
      this.#note(act.id, moment, { from: 'you', to: 'you', exchange: null, missing });
    return missing;
  }

  async #do(act: Act, moment: number): Promise<readonly string[]> {
    switch (act.act) {
      case 'send':
        return this.#send(act, moment);
      case 'approve':
        return this.#approve(act, moment);
      case 'follow':
        return this.#follow(act, moment);
      case 'sees':
        return this.#see(act, moment);
      case 'callback':
        return this.#callback(act.id, act.of, moment);
      case 'page':
        return this.#page(act.id, act.framed === true, moment);
      case 'press':
        return this.#press(act.id, act.decides, act.framed === true, moment);
      case 'forge':
        return this.#forge(act, moment);
      case 'store':
        return this.#store(act, moment);
    }
  }

  #note(act: string, moment: number, part: Partial<Done> & Pick<Done, 'from' | 'to' | 'exchange'>): Done {
    const done: Done = { act, moment, at: this.#options.now(), checks: [], made: {}, used: {}, missing: [], ...part };
    this.done.push(done);
    return done;
  }

  /** Sends, and takes the server's own record in place of what a page can see. */
  async #travel(prepared: Prepared, hands: readonly [Hand, Hand], credentials: RequestCredentials): Promise<Exchange> {
    const { fetch, now, api, sandbox } = this.#options;
    const party = (hand: Hand): Party => (hand === 'attacker' ? 'client' : hand);
    const [from, to] = [party(hands[0]), party(hands[1])];
    const { exchange } = await sendPrepared(prepared, { fetch, now, clockOffset: 0, credentials, from, to });
    const kept = await api.exchanges(sandbox, this.#last);
    const record = kept && findRecord(asKept(exchange), kept.exchanges, this.#claimed);
    if (!record) return exchange;
    this.#claimed.add(record.seq);
    this.#last = Math.max(this.#last, record.seq);
    return mergeRecord(exchange, record);
  }

  /** A request without what is left out while the defence is off. */
  #ready(parts: RequestParts): RequestParts {
    const { lab, position } = this.#options;
    return position === 'off' ? without(parts, lab.defence.leavesOut ?? []) : parts;
  }

  async #send(act: Extract<Act, { act: 'send' }>, moment: number): Promise<readonly string[]> {
    const side: Side = act.from === 'attacker' ? 'attacker' : 'victim';
    const { method, url, query, form, headers, json, tool } = act;
    const parts = this.#ready({
      method,
      url,
      ...(query && { query }),
      ...(form && { form }),
      ...(headers && { headers }),
      ...(json && { json }),
      ...(tool && { tool }),
    });
    const bag = this.bags[side];
    if (namesIn(parts).includes('dpop_proof')) {
      const draft = requestOf(parts, { ...bag, dpop_proof: 'x' });
      if (draft.missing.length > 0) return draft.missing;
      bag.dpop_proof = await this.#proof(draft, bag);
    }
    const prepared = requestOf(parts, bag);
    if (prepared.missing.length > 0) return prepared.missing;
    const exchange = await this.#travel(prepared, [act.from, act.to], 'omit');
    const made = broughtBy(act.brings, exchange);
    Object.assign(bag, made);
    this.#note(act.id, moment, { from: act.from, to: act.to, exchange, made, used: prepared.used });
    return [];
  }

  async #proof(prepared: Prepared, bag: Values): Promise<string> {
    const token = /^DPoP (.+)$/.exec(prepared.headers.find(([name]) => name === 'Authorization')?.[1] ?? '')?.[1];
    const claims = { method: prepared.method, url: prepared.url, token: token ?? null, nonce: null };
    return signProof(this.#keys, bag.dpop_jkt!, { ...claims, now: this.#options.now() });
  }

  async #approve(act: Approve, moment: number): Promise<readonly string[]> {
    const isYou = act.who === 'you';
    const side: Side = act.values ?? (isYou ? 'victim' : 'attacker');
    const url = act.url ?? '{authorization_endpoint}';
    const parts = this.#ready({ method: 'GET', url, query: act.query });
    const prepared = requestOf(parts, this.bags[side]);
    if (prepared.missing.length > 0) return prepared.missing;
    const person = isYou ? YOU : ATTACKER;
    const direct = { auto_approve_email: person.email, auto_approve_password: person.password };
    const isDirect = !isYou && act.decides === 'approve';
    const asked = isDirect ? requestOf({ ...parts, query: { ...parts.query, ...direct } }, this.bags[side]) : prepared;
    const exchange = await this.#travel({ ...asked, headers: [HTML] }, [act.who, 'as'], isYou ? 'same-origin' : 'omit');
    this.#interaction = interactionOf(exchange);
    this.#redirected(exchange, !isYou);
    this.#note(act.id, moment, { from: act.who, to: 'as', exchange, used: asked.used });
    if (this.#interaction === null || act.decides === 'nothing') return [];
    return this.#press(act.id, act.decides, false, moment);
  }

  /**
   * The browser now carries what the redirect says.
   * @param kept she keeps the address in place of following it
   */
  #redirected(exchange: Exchange, kept: boolean): void {
    const carried = carriedBy(headerOf(exchange.response, 'location'));
    if (Object.keys(carried).length === 0) return;
    if (!kept) this.#travels = carried;
    else for (const [name, value] of Object.entries(carried)) this.bags.attacker[`own_${name}`] = value;
  }

  async #page(id: string, framed: boolean, moment: number): Promise<readonly string[]> {
    if (this.#interaction === null) return ['interaction'];
    const url = `${this.#options.origin}/consent/${this.#interaction}`;
    const prepared: Prepared = { method: 'GET', url, headers: [HTML], body: null, used: {}, missing: [] };
    const exchange = await this.#travel(prepared, ['you', 'as'], 'same-origin');
    const checks: LabCheck[] = framed ? [frameCheck(exchange)] : [];
    this.#framed = framed && checks.every((check) => check.ok);
    this.#note(id, moment, { from: 'you', to: 'as', exchange, checks });
    return [];
  }

  async #press(id: string, decides: 'approve' | 'deny', framed: boolean, moment: number): Promise<readonly string[]> {
    if (this.#interaction === null || (framed && !this.#framed)) return ['interaction'];
    const landed = framed ? await this.#landed() : null;
    if (landed) return this.#pressed(id, landed, moment);
    const form = decisionForm(this.#interaction, decides, framed);
    const authorize = this.done.findLast((done) => done.exchange?.endpoint === 'authorize')?.exchange?.request.url;
    const prepared: Prepared = {
      method: 'POST',
      url: (authorize ?? '').split('?')[0]!,
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: form.toString(),
      used: {},
      missing: [],
    };
    return this.#pressed(id, await this.#travel(prepared, ['you', 'as'], 'same-origin'), moment);
  }

  async #pressed(id: string, exchange: Exchange, moment: number): Promise<readonly string[]> {
    this.#interaction = null;
    this.#note(id, moment, { from: 'you', to: 'as', exchange });
    await this.#arrive(id, exchange, moment);
    return [];
  }

  /** What the form of the page in the frame has sent, if its button was really pressed; null if it was not. */
  async #landed(): Promise<Exchange | null> {
    const { api, sandbox } = this.#options;
    const kept = await api.exchanges(sandbox, this.#last);
    const record = kept?.exchanges.find(
      (one) => one.request.method === 'POST' && parameterOf(one, 'interaction') === this.#interaction,
    );
    if (!record) return null;
    this.#claimed.add(record.seq);
    this.#last = Math.max(this.#last, record.seq);
    return record;
  }

  async #follow(act: Extract<Act, { act: 'follow' }>, moment: number): Promise<readonly string[]> {
    const parts = this.#ready({ method: 'GET', url: act.url, ...(act.query && { query: act.query }) });
    const prepared = requestOf(parts, this.bags[act.values ?? 'victim']);
    if (prepared.missing.length > 0) return prepared.missing;
    const exchange = await this.#travel({ ...prepared, headers: [HTML] }, ['you', 'as'], 'same-origin');
    this.#note(act.id, moment, { from: 'you', to: 'as', exchange, used: prepared.used });
    await this.#arrive(act.id, exchange, moment);
    return [];
  }

  /** Goes where an answer leads, as far as that is an address of this sandbox; nothing is asked outside of it. */
  async #arrive(id: string, answer: Exchange, moment: number): Promise<void> {
    const inside = `${this.#options.sandbox.base}/`;
    let exchange = answer;
    for (let hop = 0; hop < HOPS; hop += 1) {
      const location = headerOf(exchange.response, 'location');
      if (location === null) return;
      const target = new URL(location, exchange.request.url).href;
      if (/\/consent\//.test(target)) {
        this.#interaction = interactionOf(exchange);
        return;
      }
      if (!target.startsWith(inside)) {
        this.#redirected(exchange, false);
        return;
      }
      const prepared: Prepared = { method: 'GET', url: target, headers: [HTML], body: null, used: {}, missing: [] };
      exchange = await this.#travel(prepared, ['you', 'as'], 'same-origin');
      this.#note(id, moment, { from: 'you', to: 'as', exchange });
    }
  }

  #see(act: Extract<Act, { act: 'sees' }>, moment: number): readonly string[] {
    const [side, other]: [Side, Side] = act.to === 'attacker' ? ['attacker', 'victim'] : ['victim', 'attacker'];
    return this.#took(act, moment, seenOf(act, { ...this.bags[other], ...this.#travels }), side);
  }

  /** Notes what an act without a request made, and gives it to a side; null: to nobody. */
  #took(
    { id, from, to }: { readonly id: string; readonly from: Hand; readonly to: Hand },
    moment: number,
    { made, missing, checks }: Outcome,
    side: Side | null,
  ): readonly string[] {
    if (missing.length > 0) return missing;
    if (side !== null) Object.assign(this.bags[side], made);
    this.#note(id, moment, { from, to, exchange: null, made, checks });
    return [];
  }

  #callback(id: string, of: Side, moment: number): readonly string[] {
    const answer: Values = of === 'victim' ? this.#travels : linkOf(this.bags.attacker);
    if (!answer.code) return ['code'];
    const { victim } = this.bags;
    const sent = this.done.some(
      (done) => done.act !== id && done.from === 'you' && done.exchange?.endpoint === 'authorize',
    );
    const remembered = { state: sent ? (victim.state ?? null) : null, issuer: victim.issuer! };
    const checks = answerChecks(answer, remembered, this.#client);
    const believed = checks.every((check) => check.ok);
    const made: Record<string, string> = believed ? { code: answer.code } : {};
    Object.assign(victim, made);
    this.#note(id, moment, { from: 'you', to: 'client', exchange: null, checks, made, used: { ...answer } });
    return [];
  }

  async #forge(act: Extract<Act, { act: 'forge' }>, moment: number): Promise<readonly string[]> {
    const outcome = await forged(act, this.bags.attacker);
    return this.#took({ id: act.id, from: 'attacker', to: 'attacker' }, moment, outcome, 'attacker');
  }

  #store(act: Extract<Act, { act: 'store' }>, moment: number): readonly string[] {
    const { storage, lab } = this.#options;
    const outcome = stored(act, { lab: lab.id, storage, tokens: this.#client.tokens }, this.bags.victim);
    const isKept = act.does === 'keep';
    const hands = isKept ? ({ from: 'client', to: 'you' } as const) : ({ from: 'you', to: 'attacker' } as const);
    return this.#took({ id: act.id, ...hands }, moment, outcome, isKept ? null : 'attacker');
  }
}
