/** Lists and objects as they lie in columns. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const encode = (value: unknown): string => JSON.stringify(value);
export const decode = <T = JsonObject>(text: string): T => JSON.parse(text) as T;

const EMPTY_LIST = '[]';
const EMPTY_OBJECT = '{}';
/** Lists of words, most of them short: spared the parser if there is nothing in them. */
export const decodeList = (text: string): readonly string[] => (text === EMPTY_LIST ? [] : decode<string[]>(text));
export const decodeObject = (text: string): JsonObject => (text === EMPTY_OBJECT ? {} : decode(text));
