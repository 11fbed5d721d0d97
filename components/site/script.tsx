import { headers } from 'next/headers';

/** A script of `public/`, for pages that go out without the framework's. */
export async function Script({ src }: { readonly src: string }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return <script src={src} defer nonce={nonce} suppressHydrationWarning />;
}
