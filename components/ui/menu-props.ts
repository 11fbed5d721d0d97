/** A button that opens a list of actions: what it says and what they do. */
export interface MenuItem {
  readonly label: string;
  /** A second line that says what it does. */
  readonly says?: string;
  readonly onSelect: () => void;
}

export interface MenuProps {
  /** What the button says. */
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly disabled?: boolean;
}
