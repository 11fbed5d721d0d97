'use client';

import { useId } from 'react';
import { everything, type Filter, isFiltering } from '#lib/live/rows.ts';

interface FiltersProps {
  readonly filter: Filter;
  readonly endpoints: readonly string[];
  readonly clients: readonly string[];
  /** How many pass, of how many. */
  readonly shown: number;
  readonly of: number;
  readonly onChange: (filter: Filter) => void;
}

/** Which exchanges are shown: by endpoint, status, client, and by any text that travelled. */
export function Filters({ filter, endpoints, clients, shown, of, onChange }: FiltersProps) {
  const id = useId();
  const set = (patch: Partial<Filter>) => onChange({ ...filter, ...patch });
  return (
    <search className="filters ui">
      <label className="grow">
        <span className="vh">Text that travelled</span>
        <input
          type="search"
          value={filter.text}
          placeholder="Text in a request or answer"
          onChange={(event) => set({ text: event.target.value })}
        />
      </label>
      <Choice
        id={`${id}-e`}
        label="Endpoint"
        value={filter.endpoint}
        any="any endpoint"
        options={endpoints.map((name) => [name, name])}
        onChange={(endpoint) => set({ endpoint })}
      />
      <Choice
        id={`${id}-s`}
        label="Answer"
        value={filter.status}
        any="any answer"
        options={[
          ['refused', 'refused'],
          ['2', '2xx'],
          ['3', '3xx'],
          ['4', '4xx'],
          ['5', '5xx'],
          ['none', 'none came'],
        ]}
        onChange={(status) => set({ status })}
      />
      <Choice
        id={`${id}-c`}
        label="Client"
        value={filter.client}
        any="any client"
        options={clients.map((name) => [name, name])}
        onChange={(client) => set({ client })}
      />
      {isFiltering(filter) && (
        <p className="tiny dim" role="status">
          {shown} of {of}{' '}
          <button type="button" className="link" onClick={() => onChange(everything)}>
            show all
          </button>
        </p>
      )}
    </search>
  );
}

function Choice({
  id,
  label,
  value,
  any,
  options,
  onChange,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly any: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <label htmlFor={id}>
      <span className="vh">{label}</span>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{any}</option>
        {options.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
