/* The theme, before the first paint: what the reader chose here, else what the system says. */
(() => {
  const root = document.documentElement;
  const order = ['system', 'light', 'dark'];
  let choice = 'system';
  try { choice = localStorage.getItem('authwalk-theme') || 'system'; } catch {}
  if (!order.includes(choice)) choice = 'system';
  const show = () => {
    root.dataset.themeChoice = choice;
    if (choice === 'system') delete root.dataset.theme;
    else root.dataset.theme = choice;
  };
  show();
  addEventListener('storage', (e) => {
    if (e.key === 'authwalk-theme') { choice = order.includes(e.newValue) ? e.newValue : 'system'; show(); }
  });
  document.addEventListener('click', (e) => {
    if (!(e.target instanceof Element) || !e.target.closest('[data-theme-toggle]')) return;
    choice = order[(order.indexOf(choice) + 1) % order.length];
    try { localStorage.setItem('authwalk-theme', choice); } catch {}
    show();
  });
})();
