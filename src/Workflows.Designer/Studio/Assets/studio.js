// Joins Studio to this host: where its backend is, what its callbacks open, what happens when the session ends, and the edit lock.
(() => {
  const page = document.body.dataset;
  const chinese = page.language === 'zh-CN';
  const t = (zh, en) => chinese ? zh : en;
  const base = new URL(document.baseURI);
  const root = base.pathname.slice(0, -'designer/'.length);
  const api = root + 'elsa/api';
  const open = path => { location.href = base.pathname + path; };
  const state = document.querySelector('.bar-state');
  const say = (text, bad) => { state.textContent = text; state.classList.toggle('bad', !!bad); };

  try { localStorage.setItem('BlazorCulture', page.language); } catch { /* a browser that keeps nothing starts in English */ }

  const expert = document.getElementById('expert');
  const isExpert = () => { try { return localStorage.getItem('designer-expert') === '1'; } catch { return false; } };
  const showExpert = on => { document.body.classList.toggle('expert', on); expert.checked = on; };
  showExpert(isExpert());
  expert.addEventListener('change', () => {
    try { localStorage.setItem('designer-expert', expert.checked ? '1' : '0'); } catch { /* for this page only, then */ }
    showExpert(expert.checked);
  });

  // A session that ended answers 401; Studio would stay at "Loading...", so the page goes to sign in and comes back.
  const plain = window.fetch.bind(window);
  let leaving = false;
  window.fetch = async (input, init) => {
    const address = new URL(typeof input === 'string' ? input : input.url ?? input, document.baseURI);
    const answer = await plain(input, init);
    if (address.origin !== location.origin || !address.pathname.startsWith(root + 'elsa/')) return answer;
    if (answer.status === 401 && !leaving) {
      leaving = true;
      location.href = root + 'signin?returnUrl=' + encodeURIComponent(location.pathname + location.search);
    }
    const method = (init?.method ?? input.method ?? 'GET').toUpperCase();
    if (method === 'POST' && address.pathname === api + '/workflow-definitions') saved(answer);
    return answer;
  };

  function saved(answer) {
    if (answer.ok) {
      const change = answer.headers.get('X-Workflows-Change');
      if (change) {
        say(t('已提交审批', 'Submitted for approval'));
        document.querySelector('#submit')?.replaceWith(pill(root + 'instances/' + change, t('变更审批中', 'A change is being approved')));
      } else {
        const time = new Date().toLocaleTimeString(page.language, { hour12: false });
        say(answer.headers.get('X-Workflows-Published') ? t('已发布 ', 'Published ') + time : t('已保存 ', 'Saved ') + time);
      }
    } else {
      say(answer.status === 400 ? t('未保存，请看提示', 'Not saved, see the message') : t('保存失败', 'Saving failed'), true);
    }
  }

  function pill(href, text) {
    const link = document.createElement('a');
    link.className = 'bar-pill warn';
    link.href = href;
    link.textContent = text;
    return link;
  }

  // The lock lapses by itself two minutes after the last sign of life.
  if (page.edits && page.start && page.definition) {
    const lock = base.pathname + 'edit/' + encodeURIComponent(page.definition);
    const send = (what, beacon) => plain(lock + what, { method: 'POST', headers: { 'X-CSRF-Token': page.proof }, keepalive: beacon });
    const beat = async () => {
      const answer = await send('/lock').catch(() => null);
      if (answer?.status === 409) {
        say(t('已被他人接管，此页不再保存', 'Taken over by somebody else: this page saves no more'), true);
        clearInterval(timer);
      }
    };
    const timer = setInterval(beat, 30000);
    addEventListener('pagehide', () => send('/unlock', true).catch(() => null));
  }

  const element = document.getElementById('studio');
  if (!element) return;
  document.getElementById('backend').setAttribute('remote-endpoint', location.origin + api);
  // Callbacks are properties, and the element's constructor drops those set before it is defined.
  customElements.whenDefined(element.localName).then(() => {
    element.editWorkflowDefinition = id => open('edit/' + encodeURIComponent(id));
    element.viewWorkflowInstance = id => open('instance/' + encodeURIComponent(id));
  });
})();
