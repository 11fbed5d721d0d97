'use client';

import { useState } from 'react';
import { clockWords } from '#components/controls/clock.tsx';
import { Trouble } from '#components/controls/trouble.tsx';
import { useTask } from '#components/controls/use-task.ts';
import { Icon } from '#components/values/glyph.tsx';
import type { Control } from '#lib/client/control.ts';
import type { SandboxInfo } from '#lib/live/types.ts';
import type { Part } from './stage.tsx';

interface BarProps {
  readonly id: string;
  readonly info: SandboxInfo | null;
  readonly control: Control | null;
  readonly faults: number;
  readonly revealed: boolean;
  readonly shared: boolean;
  readonly onPart: (part: Part) => void;
  readonly onInfo: () => void;
  readonly onReset: () => void;
}

/** The sandbox in a line: its clock, its faults, how long it is kept, and what can be done with the whole of it. */
export function Bar({ id, info, control, faults, revealed, shared, onPart, onInfo, onReset }: BarProps) {
  const { busy, trouble, run } = useTask();
  const [asking, setAsking] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const advance = (seconds: number) =>
    run(async () => {
      await control?.call('POST', '/clock', { advance: seconds });
      onInfo();
    });
  const share = () =>
    run(async () => {
      const made = await control?.call<{ url: string }>('POST', '/shares');
      if (!made) return;
      setLink(made.url);
      await navigator.clipboard.writeText(made.url).catch(() => undefined);
    });
  const reset = () =>
    run(async () => {
      await control?.call('POST', '/reset');
      setAsking(false);
      onReset();
    });
  const save = (format: 'har' | 'curl' | 'playwright') =>
    run(async () => {
      const blob = await control?.file(format, revealed && !shared);
      if (!blob) return;
      const address = URL.createObjectURL(blob);
      const anchor = document.createElement('a');
      anchor.href = address;
      anchor.download = `authwalk-${id}.${{ har: 'har', curl: 'sh', playwright: 'spec.ts' }[format]}`;
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    });
  const turned = Object.keys(info?.config ?? {}).filter((name) => name !== 'faults').length;
  return (
    <section className="bar-box" aria-label="This sandbox">
      <div className="bar">
        <h1>
          Sandbox <code title={id}>{id.length > 8 ? `${id.slice(0, 4)}…` : id}</code>
        </h1>
        {info && control && !shared && (
          <>
            <div>
              Clock{' '}
              <button type="button" onClick={() => onPart('clock')}>
                <b className="num">{clockWords(info.clock)}</b>
              </button>
              <button
                type="button"
                className="nudge"
                disabled={busy}
                onClick={() => {
                  void advance(60);
                }}
              >
                +1 min<span className="vh"> on the clock</span>
              </button>
              <button
                type="button"
                className="nudge"
                disabled={busy}
                onClick={() => {
                  void advance(3600);
                }}
              >
                +1 h<span className="vh"> on the clock</span>
              </button>
            </div>
            <div>
              Faults{' '}
              <button type="button" onClick={() => onPart('faults')}>
                <b className="num">{faults}</b>
                <Icon name="down" />
                <span className="vh">, open them</span>
              </button>
            </div>
            <div>
              Behaviour{' '}
              <button type="button" onClick={() => onPart('behaviour')}>
                <b>{turned === 0 ? 'strict' : `${turned} turned`}</b>
                <Icon name="down" />
                <span className="vh">, open it</span>
              </button>
            </div>
            <div>
              Kept until <b className="num">{keptUntil(info.expires_at)}</b>
            </div>
          </>
        )}
        {shared && <div>Shown to you by a link, without secrets</div>}
        {control && (
          <>
            {!shared && (
              <div className="sp">
                {asking ? (
                  <>
                    Forget all but the configuration?{' '}
                    <button
                      type="button"
                      disabled={busy}
                      onClick={() => {
                        void reset();
                      }}
                    >
                      <b>Forget</b>
                    </button>
                    <button type="button" onClick={() => setAsking(false)}>
                      Keep
                    </button>
                  </>
                ) : (
                  <button type="button" onClick={() => setAsking(true)}>
                    Reset
                  </button>
                )}
              </div>
            )}
            {!shared && (
              <div>
                <button
                  type="button"
                  disabled={busy}
                  onClick={() => {
                    void share();
                  }}
                >
                  Share
                </button>
              </div>
            )}
            <div className={shared ? 'sp' : undefined}>
              <span className="dim">Export</span>{' '}
              <button
                type="button"
                onClick={() => {
                  void save('har');
                }}
              >
                HAR
              </button>
              <button
                type="button"
                onClick={() => {
                  void save('curl');
                }}
              >
                curl
              </button>
              <button
                type="button"
                onClick={() => {
                  void save('playwright');
                }}
              >
                Playwright
              </button>
            </div>
          </>
        )}
      </div>
      {link && (
        <p className="share-link ui" role="status">
          Copied. Whoever has this link may look, and sees no secrets:{' '}
          <a href={link} translate="no">
            {link.replace(/#share=.*/, '#share=…')}
          </a>{' '}
          <button type="button" className="link" onClick={() => setLink(null)}>
            Close
          </button>
        </p>
      )}
      <Trouble says={trouble} />
    </section>
  );
}

function keptUntil(iso: string | null): string {
  if (iso === null) return 'for ever';
  const at = new Date(iso);
  const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 86_400_000);
  const day = days <= 0 ? 'today' : days === 1 ? 'tomorrow' : at.toLocaleDateString('en-GB', { weekday: 'long' });
  return `${day} ${at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}
