// The widget takes this up when it is there.
window.PocketPing = {
  q: [
    [
      'init',
      {
        endpoint: '/pocketping',
        title: 'Lumen & Oak',
        primaryColor: '#1f6f5c',
        theme: 'light',
        trackedElements: [
          {
            selector: '.buy a',
            event: 'click',
            name: 'clicked_buy',
            data: { product: 'No. 4', price: 189 },
            widgetMessage: 'Anything you would like to know before it ships?',
          },
          { selector: 'nav a[href="#parts"]', event: 'click', name: 'looked_for_parts' },
        ],
      },
    ],
  ],
};
