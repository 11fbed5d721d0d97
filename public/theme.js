/* The theme, before the first paint: what the reader chose here, else what the system says. */
(() => {
  const root = document.documentElement;
  const order = ['system', 'light', 'dark'];
  let choice = 'system';
  try {
    choice = localStorage.getItem('authwalk-theme') || 'system';
  } catch {}
  if (!order.includes(choice)) choice = 'system';
  const show = () => {
    root.dataset.themeChoice = choice;
    if (choice === 'system') delete root.dataset.theme;
    else root.dataset.theme = choice;
  };
  show();
  addEventListener('storage', (e) => {
    if (e.key === 'authwalk-theme') {
      choice = order.includes(e.newValue) ? e.newValue : 'system';
      show();
    }
  });
  document.addEventListener('click', (e) => {
    if (!(e.target instanceof Element) || !e.target.closest('[data-theme-toggle]')) return;
    choice = order[(order.indexOf(choice) + 1) % order.length];
    try {
      localStorage.setItem('authwalk-theme', choice);
    } catch {}
    show();
  });
})();

/* What is pressed before the page can react is not lost: the walk says when it listens, and when it is ready. */
(() => {
  let pressed = null;
  const keep = (e) => {
    const button = e.target instanceof Element ? e.target.closest('main button') : null;
    pressed = button && { button, text: button.textContent };
  };
  document.addEventListener('click', keep, true);
  document.addEventListener('authwalk:listening', () => document.removeEventListener('click', keep, true));
  document.addEventListener('authwalk:awake', () => {
    const { button, text } = pressed ?? {};
    pressed = null;
    /* A run that was kept may have made another action of it meanwhile. */
    if (button?.isConnected && button.textContent === text) button.click();
  });
})();

/* A browser lays a page out and paints it without a break. What the style sheet leaves out while a page opens comes in
   a frame of its own. Not if the reader comes to a place in the page: nothing may move there. */
(() => {
  const [arrival] = performance.getEntriesByType('navigation');
  if (document.readyState !== 'loading' || document.hidden || location.hash || arrival?.type !== 'navigate') return;
  const root = document.documentElement;
  root.dataset.opening = '';
  document.addEventListener('DOMContentLoaded', () => {
    requestAnimationFrame(() => setTimeout(() => delete root.dataset.opening));
  });
})();
