// The frames that every contender gets: a face that moves through 640x480, from tests/pictures/astronaut.jpg.
//
// The frame is a window of 320x240 that goes around on the picture, twice enlarged. browser-tests/src/scene.rs
// (`moving_face`) plays the same path as the camera of the real page.

export const WIDTH = 640;
export const HEIGHT = 480;
const COUNT = 24;

function window_of(index) {
  const angle = (2 * Math.PI * index) / COUNT;
  return [Math.round(64 + 48 * Math.sin(angle)), Math.round(24 - 24 * Math.cos(angle))];
}

// "canvas": 2D canvases whose pixels lie in the processor's memory, which every peer takes and reads at once.
// "i420": bytes as a camera gives them, from which a VideoFrame is made. null: no frames.
export async function prepare(input) {
  if (!input) return [null];
  const response = await fetch("../pictures/astronaut.jpg");
  const picture = await createImageBitmap(await response.blob());
  return Array.from({ length: COUNT }, (_, index) => {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(picture, ...window_of(index), WIDTH / 2, HEIGHT / 2, 0, 0, WIDTH, HEIGHT);
    return input === "canvas" ? canvas : i420(context.getImageData(0, 0, WIDTH, HEIGHT).data);
  });
}

// BT.601 in the limited range, each chroma sample the mean of four pixels.
function i420(rgba) {
  const bytes = new Uint8Array((WIDTH * HEIGHT * 3) / 2);
  for (let at = 0; at < WIDTH * HEIGHT; at += 1) {
    const [r, g, b] = rgba.subarray(4 * at, 4 * at + 3);
    bytes[at] = Math.round(16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255);
  }
  let to = WIDTH * HEIGHT;
  for (const weights of [[-37.797, -74.203, 112], [112, -93.786, -18.214]]) {
    for (let y = 0; y < HEIGHT; y += 2) {
      for (let x = 0; x < WIDTH; x += 2) {
        let sum = 0;
        for (const at of [y * WIDTH + x, y * WIDTH + x + 1, (y + 1) * WIDTH + x, (y + 1) * WIDTH + x + 1]) {
          for (let channel = 0; channel < 3; channel += 1) sum += weights[channel] * rgba[4 * at + channel];
        }
        bytes[to] = Math.round(128 + sum / (4 * 255));
        to += 1;
      }
    }
  }
  return bytes;
}
