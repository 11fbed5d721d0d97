'use client';

import { useId, useMemo, useState } from 'react';
import type { Control } from '#lib/client/control.ts';
import type { SandboxInfo } from '#lib/live/types.ts';
import type { KnobView } from '#lib/config/describe.ts';
import { KNOB_GROUPS } from '#lib/config/knob.ts';
import { Trouble } from './trouble.tsx';
import { useTask } from './use-task.ts';

interface BehaviourProps {
  readonly knobs: readonly KnobView[];
  readonly info: SandboxInfo;
  readonly control: Control;
  readonly onChange: (info: SandboxInfo) => void;
}

/** How the server behaves, knob by knob: what each does, what it is set to, and how to change it. */
export function Behaviour({ knobs, info, control, onChange }: BehaviourProps) {
  const [sought, setSought] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const turned = knobs.filter((knob) => Object.hasOwn(info.config, knob.name));
  const wanted = sought.trim().toLowerCase();
  const listed = useMemo(
    () =>
      knobs.filter(
        (knob) =>
          wanted === '' ||
          knob.name.toLowerCase().includes(wanted) ||
          knob.title.toLowerCase().includes(wanted) ||
          knob.does.toLowerCase().includes(wanted),
      ),
    [knobs, wanted],
  );
  const groups = useMemo(() => groupsOf(listed), [listed]);
  const row = (knob: KnobView) => (
    <KnobRow
      key={knob.name}
      knob={knob}
      value={Object.hasOwn(info.config, knob.name) ? info.config[knob.name] : knob.default}
      turned={Object.hasOwn(info.config, knob.name)}
      open={open === knob.name}
      onOpen={() => setOpen(open === knob.name ? null : knob.name)}
      control={control}
      onChange={onChange}
    />
  );
  return (
    <div className="stage-part">
      <p className="say">
        {turned.length === 0
          ? 'Strict: every knob is at its default. What you change acts from the next request on.'
          : `${turned.length} of ${knobs.length} knobs ${turned.length === 1 ? 'is' : 'are'} changed; the ` +
            'others are strict.'}
      </p>
      {turned.length > 0 && wanted === '' && (
        <section aria-label="Changed">
          <h3 className="tiny dim">Changed</h3>
          <ul className="knobs">{turned.map(row)}</ul>
        </section>
      )}
      <label className="seek ui">
        <span className="vh">Find a knob</span>
        <input
          type="search"
          value={sought}
          placeholder="Find a knob: refresh, iss, scope…"
          onChange={(event) => setSought(event.target.value)}
        />
      </label>
      {groups.map(([title, own]) => (
        <details key={title} className="group" open={wanted !== '' || undefined}>
          <summary className="ui">
            {title} <span className="tiny dim num">{own.length}</span>
          </summary>
          <ul className="knobs">{own.filter((knob) => wanted !== '' || !turned.includes(knob)).map(row)}</ul>
        </details>
      ))}
      {listed.length === 0 && (
        <p className="say" role="status">
          No knob matches.
        </p>
      )}
    </div>
  );
}

function groupsOf(knobs: readonly KnobView[]): [string, KnobView[]][] {
  const groups = new Map<string, KnobView[]>(KNOB_GROUPS.map((title) => [title, []]));
  for (const knob of knobs) groups.get(knob.group)?.push(knob);
  return [...groups].filter(([, own]) => own.length > 0);
}

const shownValue = (value: unknown) => (typeof value === 'string' ? value || '""' : JSON.stringify(value));
const briefValue = (value: unknown) => {
  const text = shownValue(value);
  return text.length > 18 ? `${text.slice(0, 17)}…` : text;
};

interface KnobRowProps {
  readonly knob: KnobView;
  readonly value: unknown;
  readonly turned: boolean;
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly control: Control;
  readonly onChange: (info: SandboxInfo) => void;
}

function KnobRow({ knob, value, turned, open, onOpen, control, onChange }: KnobRowProps) {
  const id = useId();
  const { busy, trouble, run } = useTask();
  const set = (to: unknown) =>
    run(async () => onChange(await control.call<SandboxInfo>('PATCH', '', { config: { [knob.name]: to } })));
  return (
    <li className={`knob${turned ? ' turned' : ''}`}>
      <button type="button" aria-expanded={open} aria-controls={`${id}-d`} onClick={onOpen}>
        <code>{knob.name}</code>
        <code className="val">{briefValue(value)}</code>
      </button>
      <div id={`${id}-d`} hidden={!open}>
        {open && (
          <>
            <p className="does">
              {knob.does}
              {knob.shape && (
                <>
                  {' '}
                  Its form: <code>{knob.shape}</code>
                </>
              )}
            </p>
            <KnobField knob={knob} value={value} busy={busy} onSet={set} />
            {turned && (
              <p className="tiny">
                <button
                  type="button"
                  className="link"
                  disabled={busy}
                  onClick={() => {
                    void set(knob.default);
                  }}
                >
                  Back to <code>{briefValue(knob.default)}</code>
                </button>
              </p>
            )}
            <Trouble says={trouble} />
          </>
        )}
      </div>
    </li>
  );
}

function KnobField({
  knob,
  value,
  busy,
  onSet,
}: {
  readonly knob: KnobView;
  readonly value: unknown;
  readonly busy: boolean;
  readonly onSet: (value: unknown) => Promise<boolean>;
}) {
  const id = useId();
  // Shown at once, and taken back where the server refuses.
  const [asked, setAsked] = useState<{ readonly value: unknown } | null>(null);
  const choose = (option: unknown) => {
    setAsked({ value: option });
    void onSet(option).then(() => setAsked(null));
  };
  if (knob.type === 'boolean' || knob.type === 'enum') {
    const options = knob.type === 'boolean' ? [true, false] : (knob.values ?? []);
    return (
      <fieldset className="options" aria-busy={busy || undefined}>
        <legend className="vh">{knob.name}</legend>
        {options.map((option) => (
          <label key={String(option)}>
            <input
              type="radio"
              name={id}
              checked={option === (asked ? asked.value : value)}
              onChange={() => choose(option)}
            />
            <code>{knob.type === 'boolean' ? (option ? 'on' : 'off') : String(option)}</code>
            {option === knob.default && <span className="tiny dim">default</span>}
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <JsonField
      key={JSON.stringify(value)}
      knob={knob}
      value={value}
      busy={busy}
      onSet={(to) => {
        void onSet(to);
      }}
    />
  );
}

/** Seconds and counts as they are, everything else as JSON; whether it is good, the server says. */
function JsonField({
  knob,
  value,
  busy,
  onSet,
}: {
  readonly knob: KnobView;
  readonly value: unknown;
  readonly busy: boolean;
  readonly onSet: (value: unknown) => void;
}) {
  const plain = knob.type === 'string';
  const [text, setText] = useState(plain ? String(value) : JSON.stringify(value));
  const parsed = useMemo(() => {
    if (plain) return { ok: true, value: text };
    try {
      return { ok: true, value: JSON.parse(text) as unknown };
    } catch {
      return { ok: false, value: text };
    }
  }, [plain, text]);
  return (
    <form
      className="row-of"
      onSubmit={(event) => {
        event.preventDefault();
        onSet(parsed.value);
      }}
    >
      <label className="grow">
        <span className="vh">
          {knob.name}
          {plain ? '' : ', as JSON'}
        </span>
        <input className="m" value={text} spellCheck={false} onChange={(event) => setText(event.target.value)} />
      </label>
      <button type="submit" className="btn" disabled={busy}>
        Set
      </button>
      <p className="tiny dim wide">
        {knob.type.includes('seconds')
          ? 'seconds'
          : knob.type.startsWith('integer')
            ? 'a number'
            : plain
              ? 'text'
              : 'JSON'}
        {knob.type.includes('null') ? ', or null' : ''}
        {Array.isArray(knob.values) && <>: {knob.values.map((one) => String(one)).join(', ')}</>}
        {!parsed.ok && '; it is not JSON yet'}
      </p>
    </form>
  );
}
