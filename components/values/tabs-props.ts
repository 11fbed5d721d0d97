export interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: T; readonly label: string }[];
  readonly value: T;
  readonly onChange: (id: T) => void;
  /** Id of the panel that they change. */
  readonly panel: string;
  /** A control at the end of the line, such as copy. */
  readonly children?: React.ReactNode;
}
