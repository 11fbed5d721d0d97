import { encode } from 'uqr';

/** An address as a QR code: always dark on light, whatever the theme. */
export function Qr({ text }: { readonly text: string }) {
  const { data, size } = encode(text, { border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <div className="qr">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label="The address as a QR code" shapeRendering="crispEdges">
        <path d={path} />
      </svg>
    </div>
  );
}
