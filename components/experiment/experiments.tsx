'use client';

import { useEffect, useId, useRef } from 'react';
import type { Bag, ExperimentView } from '#lib/guide/types.ts';
import { Icon } from '../values/glyph.tsx';
import { ClauseLink, Prose } from '../values/prose.tsx';
import './experiment.css';

interface ExperimentsProps {
  readonly experiments: readonly ExperimentView[];
  /** The one that is open. */
  readonly open: string | null;
  readonly onOpen: (id: string | null) => void;
  readonly onGuess: (id: string, option: number) => void;
  readonly onRun: (id: string) => void;
  /** Something runs already: no second one beside it. */
  readonly busy: boolean;
  /** Why none can be run yet; null if they can. */
  readonly waits?: string | null;
  /** What `{name}` in a text stands for. */
  readonly bag: Bag;
  /** What came, drawn as an exchange. */
  readonly drawOutcome: (view: ExperimentView) => React.ReactNode;
}

/** Break it: guess first, then run it in a copy of the sandbox, then see. */
export function Experiments({
  experiments,
  open,
  onOpen,
  onGuess,
  onRun,
  busy,
  waits,
  bag,
  drawOutcome,
}: ExperimentsProps) {
  const id = useId();
  return (
    <section className="break" aria-labelledby={id}>
      <div className="figh">
        <h2 id={id}>Break it</h2>
        <span className="cap">Guess first. Each one really runs, in a copy of your sandbox.</span>
      </div>
      <ol>
        {experiments.map((view) => (
          <Row
            key={view.experiment.id}
            view={view}
            open={open === view.experiment.id}
            onToggle={() => onOpen(open === view.experiment.id ? null : view.experiment.id)}
            onGuess={(option) => onGuess(view.experiment.id, option)}
            onRun={() => onRun(view.experiment.id)}
            busy={busy}
            waits={waits ?? null}
            bag={bag}
            drawOutcome={drawOutcome}
          />
        ))}
      </ol>
    </section>
  );
}

interface RowProps {
  readonly view: ExperimentView;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onGuess: (option: number) => void;
  readonly onRun: () => void;
  readonly busy: boolean;
  readonly waits: string | null;
  readonly bag: Bag;
  readonly drawOutcome: (view: ExperimentView) => React.ReactNode;
}

function Row({ view, open, onToggle, ...body }: RowProps) {
  const id = useId();
  const { experiment } = view;
  if (experiment.opens) {
    return (
      <li className="ex">
        <i>{experiment.letter}</i>
        <h3>
          <Prose text={experiment.title} bag={body.bag} /> <span className="soft">(attack lab)</span>
        </h3>
        <p className="st">
          <a className="link" href={`/lab/${experiment.opens}`}>
            Opens the lab
          </a>
        </p>
      </li>
    );
  }
  return (
    <li className={open ? 'ex open' : 'ex'} id={`experiment-${experiment.letter}`}>
      <i aria-hidden="true">{experiment.letter}</i>
      <h3>
        <button type="button" aria-expanded={open} aria-controls={`${id}-b`} onClick={onToggle}>
          <Prose text={experiment.title} bag={body.bag} />
        </button>
      </h3>
      <p className="st" aria-live="polite">
        <Prose text={view.line} />
      </p>
      <div className="ex-body" id={`${id}-b`} hidden={!open}>
        {open && <Body id={id} view={view} {...body} />}
      </div>
    </li>
  );
}

interface BodyProps extends Omit<RowProps, 'open' | 'onToggle'> {
  /** Of the row: ids and the name of the radios begin with it. */
  readonly id: string;
}

/** The guess, the run and what came; drawn only while the experiment is open. */
function Body({ id, view, onGuess, onRun, busy, waits, bag, drawOutcome }: BodyProps) {
  const { experiment, record, state } = view;
  const revealed = state === 'revealed';
  const pressed = useRef(false);
  const why = useRef<HTMLParagraphElement>(null);
  const run = () => {
    pressed.current = true;
    onRun();
  };
  useEffect(() => {
    if (!revealed || !pressed.current) return;
    pressed.current = false;
    // The button that was pressed is gone: the keyboard goes on from what came.
    if (document.activeElement === document.body) why.current?.focus({ preventScroll: true });
  }, [revealed]);
  const running = state === 'running';
  const guess = record?.guess ?? null;
  return (
    <>
      <fieldset disabled={running || revealed}>
        <legend className="ui soft">
          <Prose text={experiment.question} bag={bag} />
        </legend>
        <div className="opts ui">
          {experiment.options.map((option, index) => (
            <label key={option.text} className={revealed && option.right ? 'right' : undefined}>
              <input type="radio" name={id} checked={guess === index} onChange={() => onGuess(index)} />
              <span>
                <Prose text={option.text} bag={bag} />
                {revealed && option.right && <em> this one</em>}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {!revealed && (
        <p className="ex-run">
          <button
            type="button"
            className="btn"
            aria-busy={running || undefined}
            aria-disabled={waits !== null || busy || guess === null || undefined}
            aria-describedby={`${id}-w`}
            onClick={() => {
              if (waits === null && !busy && guess !== null) run();
            }}
          >
            <Icon name="arrow" />
            {running ? 'Running in a copy' : 'Run and see'}
          </button>
          <span className="tiny dim" id={`${id}-w`}>
            {waits ?? (guess === null ? 'Guess first.' : '')}
          </span>
        </p>
      )}
      {record?.trouble && (
        <p className="trouble" role="alert">
          <Prose text={record.trouble} />
        </p>
      )}
      {revealed && (
        <div className="reveal">
          <p ref={why} tabIndex={-1}>
            <Prose text={experiment.why} bag={bag} />{' '}
            {view.clauses.map((clause) => (
              <span key={clause.id}>
                <ClauseLink label={clause.label} url={clause.url} />{' '}
              </span>
            ))}
          </p>
          {experiment.elsewhere && (
            <p className="elsewhere">
              <i>Elsewhere:</i> <Prose text={experiment.elsewhere} />
            </p>
          )}
          {drawOutcome(view)}
          <p className="ex-run">
            <button
              type="button"
              className="btn"
              aria-disabled={busy || undefined}
              onClick={() => {
                if (!busy) run();
              }}
            >
              Run it again
            </button>
          </p>
        </div>
      )}
    </>
  );
}
