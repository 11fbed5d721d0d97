/** Reads a QR code as a phone does: from the pixels of what is on the screen. */
import type { Locator } from '@playwright/test';
import decode from 'qr/decode.js';

/** The text of a QR code. @throws if its picture cannot be read */
export async function scan(code: Locator): Promise<string> {
  // A bar at the foot of a narrow screen would lie above it.
  await code.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const picture = await code.screenshot();
  const { width, height, data } = await code.page().evaluate(async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, image.width, image.height).data;
    return { width: image.width, height: image.height, data: [...pixels] };
  }, picture.toString('base64'));
  return decode({ width, height, data: Uint8Array.from(data) }, { timeLimit: 2000 });
}
