/* What moves on the first page, without a framework: views, copying, sending again, progress, lit values. */
(() => {
  const root = document.documentElement;
  root.dataset.script = '';
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const say = (text) => {
    const place = document.querySelector('[data-said]');
    if (place) place.textContent = text;
  };

  /* How far the runs in this browser are: the walk leaves a note for each track. */
  const note = (track) => {
    try {
      const value = JSON.parse(localStorage.getItem(`authwalk.progress.${track}`) ?? 'null');
      return value && value.done > 0 ? value : null;
    } catch {
      return null;
    }
  };
  const showProgress = () => {
    for (const dots of all('[data-progress]')) {
      const done = note(dots.dataset.progress)?.done ?? 0;
      const squares = all('i', dots);
      squares.forEach((square, index) => {
        square.classList.toggle('done', index < done);
      });
      dots.querySelector('.vh').textContent = `${done} of ${squares.length} steps done`;
    }
    // Whoever has begun goes on there; the first step is not taken again.
    const begun = note('authorization-code');
    for (const link of all('[data-carry]'))
      link.href = begun ? '/guide/authorization-code' : '/guide/authorization-code/discovery#bring';
    for (const link of all('[data-go-on]')) {
      const kept = note(link.dataset.goOn);
      if (!kept) continue;
      const step = link.dataset.steps.split(' ').indexOf(kept.next) + 1;
      link.textContent = step > 0 ? `Go on at step ${step}` : 'Look at your run';
      link.href = `/guide/${link.dataset.goOn}/${kept.next}`;
    }
  };
  showProgress();
  addEventListener('pageshow', showProgress);
  addEventListener('storage', showProgress);

  const choose = (tab) => {
    for (const other of all('[role=tab]', tab.parentElement)) {
      const chosen = other === tab;
      other.setAttribute('aria-selected', String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      document.getElementById(other.getAttribute('aria-controls')).hidden = !chosen;
    }
  };

  /* The text of a figure as it would be typed: lines without their numbers and notes. */
  const textOf = (place) => {
    const panel = all('[role=tabpanel]', place).find((one) => !one.hidden) ?? place;
    const lines = all('.ln', panel);
    if (lines.length === 0) return panel.textContent.trim();
    return lines
      .map((line) => {
        const indent = Number(/\bin-(\d+)/.exec(line.className)?.[1] ?? 0);
        const gap = line.classList.contains('gap') ? '\n' : '';
        return gap + ' '.repeat(indent) + line.querySelector('code').textContent;
      })
      .join('\n');
  };

  /* The server makes the page anew, and asks the MCP server again while it does. */
  const again = async (button) => {
    const words = button.textContent;
    button.setAttribute('aria-busy', 'true');
    button.textContent = 'Sending…';
    try {
      const answer = await fetch('/', { headers: { Accept: 'text/html' }, credentials: 'omit', cache: 'no-store' });
      const made = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const selector of ['#fig-http', '#fig-curl', '.held']) {
        const [old, fresh] = [document.querySelector(selector), made.querySelector(selector)];
        if (old && fresh) old.replaceChildren(...[...fresh.childNodes].map((child) => document.adoptNode(child)));
      }
      say(
        `Sent again. ${all('#fig-http .sec small')
          .map((small) => small.textContent)
          .join(', ')}`,
      );
    } catch {
      say('The server does not answer.');
    } finally {
      button.removeAttribute('aria-busy');
      button.textContent = words;
    }
  };

  document.addEventListener('click', async (event) => {
    const target = event.target instanceof Element ? event.target.closest('button') : null;
    if (!target) return;
    if (target.role === 'tab' || target.getAttribute('role') === 'tab') choose(target);
    else if ('again' in target.dataset) await again(target);
    else if (target.dataset.copy) {
      try {
        await navigator.clipboard.writeText(textOf(document.getElementById(target.dataset.copy)));
        say('Copied');
        target.title = 'Copied';
      } catch {
        say('The browser did not allow it');
      }
    }
  });

  document.addEventListener('keydown', (event) => {
    const { activeElement } = document;
    if (activeElement?.getAttribute('role') === 'tab') {
      const tabs = all('[role=tab]', activeElement.parentElement);
      const to = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = tabs[(tabs.indexOf(activeElement) + to + tabs.length) % tabs.length];
      choose(next);
      next.focus();
    } else if (event.key === 'Enter' && activeElement === document.body) {
      // Enter does what the primary action says, wherever nothing else has the focus.
      document.querySelector('a[data-action]')?.click();
    }
  });

  const light = (event, on) => {
    const value = event.target instanceof Element ? event.target.closest('[data-v]') : null;
    if (!value) return;
    for (const place of all(`[data-v~="${CSS.escape(value.dataset.v)}"]`)) place.classList.toggle('lit', on);
  };
  document.addEventListener('mouseover', (event) => light(event, true));
  document.addEventListener('mouseout', (event) => light(event, false));
})();
