// What the page can do without it: everything. It adds the arrow keys inside the map, Escape to
// close a panel, and puts the focus where the reader looks. It is also XML: no ampersand, no
// less-than sign.
(() => {
  const map = document.querySelector('.map');
  const links = Array.from(map.querySelectorAll('a'));
  let last = null;

  const current = () => document.getElementById(location.hash.slice(1));

  const show = () => {
    const panel = current()?.matches('.panel') ? current() : null;
    for (const link of links) {
      if (panel?.id === link.hash.slice(1)) {
        link.setAttribute('aria-current', 'true');
        last = link;
      } else {
        link.removeAttribute('aria-current');
      }
    }
    if (panel) {
      panel.scrollTop = 0;
      panel.focus({preventScroll: true});
    } else {
      last?.focus({preventScroll: true});
    }
  };

  const steps = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};

  map.addEventListener('keydown', event => {
    const step = steps[event.key];
    const cell = event.target.closest('td');
    if (!step || !cell) {
      return;
    }
    const row = map.rows[cell.parentNode.rowIndex + step[0]];
    const link = row?.cells[cell.cellIndex + step[1]]?.querySelector('a');
    if (link) {
      event.preventDefault();
      link.focus();
    }
  });

  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      if (current()) {
        location.hash = 'closed';
      }
    }
  });

  window.addEventListener('hashchange', show);
  if (location.hash) {
    show();
  }
})();
