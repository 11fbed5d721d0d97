'use client';

import { useId } from 'react';
import type { ParameterView } from '#lib/guide/types.ts';
import { breakable, ClauseLink, Prose } from '../values/prose.tsx';
import { shorten } from '../values/value.tsx';
import './parameters.css';

interface ParametersProps {
  readonly parameters: readonly ParameterView[];
  readonly onEdit: (key: string, edit: { readonly value: string | null; readonly omitted?: boolean }) => void;
  readonly onRestore: (key: string) => void;
  /** Enter in a field. */
  readonly onSend: () => void;
  /** Those that were changed when it went wrong, by their keys without the place. */
  readonly faulty?: readonly string[];
  /** False until the page has read what is kept: what is typed before would be lost, so that nothing can be. */
  readonly awake?: boolean;
}

/** A request's parameters: tick, name and clause, value and where it comes from, meaning. */
export function Parameters({ parameters, onEdit, onRestore, onSend, faulty = [], awake = true }: ParametersProps) {
  return parameters.map((view) => (
    <Row
      key={view.key}
      view={view}
      awake={awake}
      bad={faulty.includes(view.key.slice(view.key.indexOf(':') + 1))}
      onEdit={(edit) => onEdit(view.key, edit)}
      onRestore={() => onRestore(view.key)}
      onSend={onSend}
    />
  ));
}

interface RowProps {
  readonly view: ParameterView;
  readonly awake: boolean;
  readonly bad: boolean;
  readonly onEdit: (edit: { readonly value: string | null; readonly omitted?: boolean }) => void;
  readonly onRestore: () => void;
  readonly onSend: () => void;
}

function Row({ view, awake, bad, onEdit, onRestore, onSend }: RowProps) {
  const id = useId();
  const { parameter } = view;
  const maker = makerOf(view);
  const classes = [
    'pr',
    view.edited ? 'you' : maker.by,
    view.edited && 'edited',
    view.omitted && 'out',
    bad && 'bad',
    view.missing.length > 0 && 'unknown',
  ]
    .filter(Boolean)
    .join(' ');
  // What is as the track has it is no edit, however it came to be so.
  const starts = view.original !== '';
  const tick = (on: boolean) => {
    if (on && starts && !view.edited) onRestore();
    else onEdit({ value: view.edited ? view.value : null, omitted: !on });
  };
  const type = (value: string) => {
    if (starts && value === view.original) onRestore();
    else onEdit({ value, omitted: false });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onSend();
  };
  return (
    <div className={classes}>
      <label className="tick">
        <input
          type="checkbox"
          checked={!view.omitted}
          disabled={!parameter.editable}
          aria-label={`Send ${parameter.name}`}
          onChange={(event) => tick(event.target.checked)}
        />
        <span aria-hidden="true" />
      </label>
      <div className="pn">
        <label className="m-code" htmlFor={id}>
          {breakable(parameter.name)}
        </label>
        {view.clause && <ClauseLink label={view.clause.label} url={view.clause.url} />}
      </div>
      <div className="pv">
        <textarea
          id={id}
          className="m-code v"
          rows={1}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={view.value}
          readOnly={!parameter.editable || !awake}
          placeholder={view.omitted ? 'not sent' : ''}
          aria-describedby={`${id}-d ${id}-s`}
          aria-invalid={bad || undefined}
          data-v={view.edited ? undefined : maker.name}
          onKeyDown={onKeyDown}
          onChange={(event) => type(event.target.value.replaceAll('\n', ''))}
        />
        <span className="sub tiny" id={`${id}-s`}>
          {view.edited ? (
            <>
              was <del>{shorten(view.original, 14, 8) || 'not there'}</del>
              {view.differsAt !== null && view.original !== '' && <>, differs at character {view.differsAt}</>}
            </>
          ) : view.omitted ? (
            view.original === '' ? (
              parameter.where_from
            ) : (
              'not sent'
            )
          ) : (
            parameter.where_from
          )}
          {(view.edited || (view.omitted && view.original !== '')) && (
            <button type="button" className="cl" onClick={onRestore}>
              restore<span className="vh"> {parameter.name}</span>
            </button>
          )}
        </span>
      </div>
      <p className="pd" id={`${id}-d`}>
        <Prose text={parameter.meaning} />
      </p>
    </div>
  );
}

/** Whose value it is: the first that it is made of; a plain word in the track is nobody's, and ink. */
function makerOf(view: ParameterView): { readonly name: string | undefined; readonly by: string } {
  const span = view.spans.find((each) => each.value !== undefined);
  return { name: span?.value, by: span?.madeBy === 'attacker' ? 'fault' : (span?.madeBy ?? 'you') };
}
