/** The knobs as the reference shows them. */
import { builtKnobs, type KnobView, knobView } from '#lib/config/describe.ts';

export type ReferenceKnob = KnobView;

let views: readonly ReferenceKnob[] | null = null;

/** Every knob that acts, in words; worked out once. */
export function knobViews(): readonly ReferenceKnob[] {
  views ??= builtKnobs().map(knobView);
  return views;
}
