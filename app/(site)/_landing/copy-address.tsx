'use client';

import { CopyButton } from '#components/values/copy.tsx';

export function CopyAddress({ text }: { readonly text: string }) {
  return <CopyButton label="Copy the address of the MCP server" text={() => text} />;
}
