'use client';

import { memo, useRef, useState } from 'react';
import { clockWords } from '#components/controls/clock-words.ts';
import { Trouble } from '#components/controls/trouble.tsx';
import { useTask } from '#components/controls/use-task.ts';
import { Confirm } from '#components/ui/confirm.tsx';
import { Menu } from '#components/ui/menu.tsx';
import { Icon } from '#components/values/glyph.tsx';
import type { Control } from '#lib/client/control.ts';
import type { SandboxInfo } from '#lib/live/types.ts';
import type { Part } from './parts.ts';

interface BarProps {
  readonly id: string;
  readonly info: SandboxInfo | null;
  readonly control: Control | null;
  /** Faults that wait. */
  readonly armed: number;
  /** Faults that have acted. */
  readonly acted: number;
  readonly revealed: boolean;
  readonly shared: boolean;
  readonly part: Part | null;
  readonly onPart: (part: Part | null) => void;
  readonly onInfo: () => void;
  readonly onReset: () => void;
}

const files = {
  har: { name: 'har', label: 'HAR', says: 'For the tools of a browser' },
  curl: { name: 'sh', label: 'curl', says: 'The run as a shell script' },
  playwright: { name: 'spec.ts', label: 'Playwright', says: 'The run as a test that passes' },
} as const;
const reports = {
  junit: { name: 'xml', label: 'Report as JUnit' },
  markdown: { name: 'md', label: 'Report as Markdown' },
  ctrf: { name: 'json', label: 'Report as CTRF' },
} as const;

/** The sandbox in a line: what can be turned, each with its present value, and what can be done with the whole. */
export const Bar = memo(function Bar({
  id,
  info,
  control,
  armed,
  acted,
  revealed,
  shared,
  part,
  onPart,
  onInfo,
  onReset,
}: BarProps) {
  const { busy, trouble, run } = useTask();
  const [asking, setAsking] = useState(false);
  const [link, setLink] = useState<{ readonly url: string; readonly copied: boolean } | null>(null);
  const sharing = useRef<HTMLButtonElement>(null);
  const advance = (seconds: number) =>
    run(async () => {
      await control?.call('POST', '/clock', { advance: seconds });
      onInfo();
    });
  const share = () =>
    run(async () => {
      const made = await control?.call<{ url: string }>('POST', '/shares');
      if (!made) return;
      const copied = await navigator.clipboard.writeText(made.url).then(
        () => true,
        () => false,
      );
      setLink({ url: made.url, copied });
    });
  const reset = () =>
    run(async () => {
      await control?.call('POST', '/reset');
      setAsking(false);
      onReset();
    });
  const save = (blob: Blob, name: string) => {
    const address = URL.createObjectURL(blob);
    const anchor = document.createElement('a');
    anchor.href = address;
    anchor.download = `authwalk-${id}.${name}`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };
  const exports = [
    ...Object.entries(files).map(([format, { name, label, says }]) => ({
      label,
      says,
      onSelect: () => {
        void run(async () => {
          const blob = await control?.file(`/export?format=${format}`, revealed && !shared);
          if (blob) save(blob, name);
        });
      },
    })),
    ...Object.entries(reports).map(([format, { name, label }]) => ({
      label,
      onSelect: () => {
        void run(async () => {
          const blob = await control?.file(`/report?format=${format}`, false);
          if (blob) save(blob, name);
        });
      },
    })),
  ];
  const turned = Object.keys(info?.config ?? {}).filter((name) => name !== 'faults').length;
  const values: readonly (readonly [Part, string, string | null])[] = info
    ? [
        ['scenario', 'Scenario', info.scenario ?? 'none'],
        ['clock', 'Clock', clockWords(info.clock)],
        ['faults', 'Faults', armed > 0 ? `${armed} armed` : acted > 0 ? `${acted} acted` : 'none'],
        ['behaviour', 'Behaviour', turned === 0 ? 'strict' : `${turned} changed`],
        ['users', 'Users', null],
        ['tokens', 'Tokens', null],
      ]
    : [];
  return (
    <section className="bar-box" aria-label="This sandbox">
      <div className="bar">
        <h1>
          Sandbox <code title={id}>{id.length > 8 ? `${id.slice(0, 4)}…` : id}</code>
        </h1>
        {shared
          ? values.map(([key, label, value]) =>
              value === null ? null : (
                <div key={key}>
                  {label} <b className="num">{value}</b>
                </div>
              ),
            )
          : control &&
            values.map(([key, label, value]) => (
              <div key={key} className={value === null ? 'opt' : undefined}>
                <button
                  type="button"
                  aria-expanded={part === key}
                  aria-controls="tray"
                  onClick={() => onPart(part === key ? null : key)}
                >
                  <span>{label}</span> {value !== null && <b className="num">{value}</b>}
                  <Icon name="down" />
                </button>
                {key === 'clock' && (
                  <>
                    <button type="button" className="nudge wide" disabled={busy} onClick={() => void advance(60)}>
                      +1 min<span className="vh"> on the clock</span>
                    </button>
                    <button type="button" className="nudge" disabled={busy} onClick={() => void advance(3600)}>
                      +1 h<span className="vh"> on the clock</span>
                    </button>
                  </>
                )}
              </div>
            ))}
        {shared && <div className="sp">You are reading a share. Secrets are masked.</div>}
        {control && !shared && (
          <>
            <div className="sp">
              <button type="button" disabled={busy} onClick={() => setAsking(true)}>
                Reset
              </button>
            </div>
            <div>
              <button type="button" ref={sharing} disabled={busy} onClick={() => void share()}>
                Share
              </button>
            </div>
          </>
        )}
        {control && (
          <div>
            <Menu label="Export" items={exports} disabled={busy} />
          </div>
        )}
      </div>
      {asking && (
        <Confirm
          title="Reset this sandbox?"
          action="Reset"
          busy={busy}
          onConfirm={() => void reset()}
          onClose={() => setAsking(false)}
        >
          Its clients, users, tokens, faults and recorded exchanges are forgotten. Its configuration and its address
          stay.
        </Confirm>
      )}
      {link && (
        <p className="share-link ui" role="status">
          {link.copied ? 'Link copied.' : 'Copy this link.'} It shows this sandbox without secrets or controls:{' '}
          <a href={link.url} translate="no">
            {link.url.replace(/#share=.*/, '#share=…')}
          </a>{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              setLink(null);
              sharing.current?.focus();
            }}
          >
            Close
          </button>
        </p>
      )}
      <Trouble says={trouble} />
    </section>
  );
});
