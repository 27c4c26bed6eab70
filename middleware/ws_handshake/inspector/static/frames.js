// Drawing within a frame and a few times a second, however often it is asked for.

const LEAST_PAUSE = 200;

export function throttled(draw) {
  let isDue = false;
  let last = -Infinity;
  return () => {
    if (isDue) return;
    isDue = true;
    setTimeout(requestAnimationFrame, last + LEAST_PAUSE - performance.now(), () => {
      isDue = false;
      last = performance.now();
      draw();
    });
  };
}
