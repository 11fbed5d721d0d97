import { Prose } from '#components/values/prose.tsx';
import './classes.css';

/** So many, as five-bar gates. */
function Gates({ count }: { readonly count: number }) {
  const bars = Array.from({ length: count }, (_, index) => {
    const x = 2 + Math.floor(index / 5) * 26 + (index % 5) * 5;
    return index % 5 === 4 ? `M${x - 21} 14.5 ${x - 1} 3.5` : `M${x} 2v14`;
  });
  const width = Math.max(6, Math.ceil(count / 5) * 26);
  return (
    <svg className="gate" viewBox={`0 0 ${width} 18`} height={18} aria-hidden="true">
      <path d={bars.join('')} />
    </svg>
  );
}

interface GuessSumsProps {
  readonly options: readonly { readonly text: string; readonly right: boolean }[];
  /** By option, how many of the class chose it. */
  readonly counts: readonly number[];
  /** Whether the option that happens is marked. */
  readonly marked: boolean;
}

/** How many of a class chose each option of an experiment. */
export function GuessSums({ options, counts, marked }: GuessSumsProps) {
  return (
    <ul className="guess-sums">
      {options.map((option, index) => (
        <li key={option.text} className={marked && option.right ? 'r' : undefined}>
          <b>
            <Prose text={option.text} />
            {marked && option.right && (
              <>
                <span className="vh">, which is what happens</span>
                <svg className="mk p" viewBox="0 0 12 12" aria-hidden="true">
                  <path d="m2.5 6.5 2.3 2.3L9.5 3.5" />
                </svg>
              </>
            )}
          </b>
          <Gates count={counts[index] ?? 0} />
          <span className="num">{counts[index] ?? 0}</span>
        </li>
      ))}
    </ul>
  );
}
