// However often it is asked to, a page draws within a frame, and a few times a second.

const LEAST = 200;

export function nowAndThen(draw) {
  let asked = false;
  let last = -Infinity;
  return () => {
    if (asked) return;
    asked = true;
    setTimeout(requestAnimationFrame, last + LEAST - performance.now(), () => {
      asked = false;
      last = performance.now();
      draw();
    });
  };
}
