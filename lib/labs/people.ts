/** Who takes part in a lab. They exist in its sandbox alone. */
export interface Person {
  readonly email: string;
  readonly password: string;
  readonly sub: string;
}

export const YOU: Person = { email: 'you@home.example', password: 'made-up-for-the-lab', sub: 'you' };
export const ATTACKER: Person = { email: 'mallory@attacker.example', password: 'hers-for-the-lab', sub: 'mallory' };
