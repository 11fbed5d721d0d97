'use client';

import Link from 'next/link';

interface StepLinkProps extends Omit<React.ComponentProps<typeof Link>, 'href' | 'prefetch'> {
  readonly step: string;
  readonly href: string;
  readonly onOpen?: (step: string) => void;
}

/** A link to a step that is here already; with a modifier key it is a link like any other. */
export function StepLink({ step, href, onOpen, ...rest }: StepLinkProps) {
  const onClick = (event: React.MouseEvent) => {
    if (!onOpen || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen(step);
  };
  return <Link {...rest} href={href} prefetch={false} onClick={onClick} />;
}
