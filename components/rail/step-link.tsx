'use client';

interface StepLinkProps extends Omit<React.ComponentProps<'a'>, 'href'> {
  readonly step: string;
  readonly href: string;
  readonly onOpen?: (step: string) => void;
}

/** A link to a step whose index is here already; with a modifier key it is a link like any other. */
export function StepLink({ step, href, onOpen, ...rest }: StepLinkProps) {
  const onClick = (event: React.MouseEvent) => {
    if (!onOpen || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen(step);
  };
  return <a {...rest} href={href} onClick={onClick} />;
}
