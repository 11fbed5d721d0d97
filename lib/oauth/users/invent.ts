/** Test users made up on the spot: a plant, two digits, an address at a domain that is ours. */
import type { Tenant } from '../context.ts';
import type { UserRecord } from '#lib/store/store.ts';

const PLANTS = [
  'acacia',
  'alder',
  'almond',
  'angelica',
  'anise',
  'apricot',
  'arnica',
  'aspen',
  'aster',
  'balsam',
  'basil',
  'bilberry',
  'birch',
  'bluebell',
  'borage',
  'bramble',
  'bryony',
  'burdock',
  'camellia',
  'campion',
  'caraway',
  'cedar',
  'celandine',
  'chamomile',
  'cherry',
  'chervil',
  'chicory',
  'cicely',
  'clover',
  'comfrey',
  'coriander',
  'cornel',
  'cowslip',
  'crocus',
  'cypress',
  'daisy',
  'damson',
  'dogwood',
  'elder',
  'fennel',
  'fern',
  'foxglove',
  'gentian',
  'ginger',
  'gorse',
  'harebell',
  'hawthorn',
  'hazel',
  'heather',
  'holly',
  'hyssop',
  'iris',
  'ivy',
  'jasmine',
  'juniper',
  'larch',
  'laurel',
  'lavender',
  'lilac',
  'linden',
  'lovage',
  'lupin',
  'mallow',
  'maple',
  'marigold',
  'marjoram',
  'medlar',
  'melissa',
  'mimosa',
  'mint',
  'mulberry',
  'myrtle',
  'nettle',
  'nutmeg',
  'oleander',
  'olive',
  'oregano',
  'orris',
  'pansy',
  'peony',
  'pimpernel',
  'plum',
  'poppy',
  'primrose',
  'privet',
  'quince',
  'rosemary',
  'rowan',
  'saffron',
  'sage',
  'samphire',
  'sorrel',
  'spruce',
  'sumac',
  'tansy',
  'tarragon',
  'thistle',
  'thyme',
  'tulip',
  'valerian',
  'verbena',
  'vetch',
  'violet',
  'walnut',
  'willow',
  'woodruff',
  'yarrow',
  'yew',
] as const;

/** Owner of the notes that every made-up user of a sandbox finds in their account. No subject is called so. */
export const EVERY_MADE_UP_USER = '*';

/** A user that does not exist yet. */
export interface Invention {
  readonly handle: string;
  readonly email: string;
  readonly name: string;
}

/** Makes up a name, such as `juniper-52`. @param random `bytes` random bytes in base64url */
export function inventUser(random: Tenant['random']): Invention {
  const bytes = Buffer.from(random(4), 'base64url');
  const plant = PLANTS[bytes.readUInt16BE(0) % PLANTS.length]!;
  const number = 10 + (bytes.readUInt16BE(2) % 90);
  const handle = `${plant}-${number}`;
  return {
    handle,
    email: `${handle}@test.authwalk.dev`,
    name: `${plant[0]!.toUpperCase()}${plant.slice(1)} ${number}`,
  };
}

/**
 * Stores the made-up user: temporary, without a password.
 * @throws LimitError with more users than a sandbox may hold
 */
export async function createInvented(tenant: Tenant, invention: Invention): Promise<UserRecord> {
  const now = tenant.now();
  const user: UserRecord = {
    sub: newSubject(tenant),
    email: invention.email,
    passwordHash: null,
    claims: { name: invention.name, preferred_username: invention.handle, email_verified: true },
    temporary: true,
    createdAt: now,
    lastUsedAt: now,
  };
  await tenant.store.createUser(user);
  return user;
}

/** A subject identifier: says nothing about the user, and is never given to another. */
export function newSubject(tenant: Tenant): string {
  return `u_${tenant.random(16)}`;
}
