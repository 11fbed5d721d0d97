import type { Metadata } from 'next';
import { Operator } from './_components/operator.tsx';
import './admin.css';

export const metadata: Metadata = { title: 'Operator', robots: { index: false, follow: false } };

/** What whoever runs this instance looks at: sandboxes, kept reports, users and clients of default, events. */
export default function AdminPage() {
  return <Operator />;
}
