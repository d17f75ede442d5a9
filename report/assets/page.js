// What the page can do beyond reading: sort and filter tables, and show a number's exchanges in one panel. Everything is
// there without it.
(function () {
    'use strict'
    const root = document.documentElement
    root.classList.add('scripted')

    function make(name, attributes, ...children) {
        const element = document.createElement(name)
        for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
        element.append(...children)
        return element
    }

    // ---- sorting: a cell's value is its data-v; a column without values goes by its words ----

    function valueOf(row, column) {
        const cell = row.cells[column]
        return cell.dataset.v === undefined ? null : Number(cell.dataset.v)
    }

    function compare(a, b, column, byWords, sign) {
        if (byWords) return sign * a.cells[column].textContent.localeCompare(b.cells[column].textContent, 'en')
        const x = valueOf(a, column), y = valueOf(b, column)
        if (x === null || y === null) return (x === null) - (y === null) // what has no value is last, either way
        return sign * (x - y)
    }

    function sort(table, column) {
        const heads = table.tHead.rows[0].cells
        const body = table.tBodies[0]
        const rows = Array.from(body.rows)
        const byWords = rows.every(r => valueOf(r, column) === null)
        const was = heads[column].getAttribute('aria-sort')
        const first = byWords ? 'ascending' : 'descending'
        const order = was === null ? first : was === 'ascending' ? 'descending' : 'ascending'
        for (const head of heads) head.removeAttribute('aria-sort')
        heads[column].setAttribute('aria-sort', order)
        rows.sort((a, b) => compare(a, b, column, byWords, order === 'ascending' ? 1 : -1))
        body.append(...rows)
    }

    function addSorting(table) {
        Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
            const label = head.firstChild
            const button = make('button', { type: 'button', class: 'sort' }, label.textContent.trim())
            head.replaceChild(button, label)
            button.addEventListener('click', () => sort(table, column))
        })
    }

    // ---- filtering: a row stays if it holds all the words ----

    let filters = 0
    function addFilter(table) {
        const rows = Array.from(table.tBodies[0].rows)
        const id = 'filter-' + ++filters
        const input = make('input', { type: 'search', id, autocomplete: 'off', spellcheck: 'false' })
        const told = make('span', { class: 'told', role: 'status' })
        input.addEventListener('input', () => {
            const words = input.value.toLowerCase().split(/\s+/).filter(w => w !== '')
            let shown = 0
            for (const row of rows) {
                const text = row.textContent.toLowerCase()
                row.hidden = !words.every(w => text.includes(w))
                shown += !row.hidden
            }
            told.textContent = words.length === 0 ? '' : shown + ' of ' + rows.length + ' rows'
        })
        const name = table.caption.textContent
        table.before(make('p', { class: 'filter' },
            make('label', { for: id }, 'Filter', make('span', { class: 'unseen' }, ': ' + name)), input, told))
    }

    for (const table of document.querySelectorAll('main table')) {
        const n = table.tBodies[0].rows.length
        if (n > 1) addSorting(table)
        if (n > 8 && table.closest('#data, #method') === null) addFilter(table)
    }

    // ---- panels: a list is shown with its exchanges; Escape and a click beside it close it ----

    let borrowed = [] // exchanges that are shown in a list, and what marks their own place
    let opener = null

    function putBack() {
        for (const { exchange, place } of borrowed) place.replaceWith(exchange)
        borrowed = []
    }

    function panelOf(hash) {
        const element = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null
        return element !== null && element.classList.contains('exchange') ? element : null
    }

    function lend(list) {
        for (const link of list.querySelectorAll('.links a')) {
            const exchange = panelOf(link.hash)
            if (exchange === null) continue
            const place = document.createComment('')
            exchange.replaceWith(place)
            borrowed.push({ exchange, place })
            list.append(exchange)
        }
    }

    function show() {
        putBack()
        const panel = panelOf(location.hash)
        root.classList.toggle('open', panel !== null)
        if (panel === null) {
            if (opener !== null) opener.focus({ preventScroll: true })
            opener = null
            return
        }
        if (panel.classList.contains('list')) lend(panel)
        panel.tabIndex = -1
        panel.focus({ preventScroll: true })
        panel.scrollTop = 0
    }

    function close() {
        // Not the empty hash, which would scroll to the top.
        if (panelOf(location.hash) !== null) location.hash = 'closed'
    }

    document.addEventListener('click', event => {
        const link = event.target.closest('a[href^="#"]')
        const isInside = event.target.closest('.exchange') !== null
        if (link !== null && panelOf(link.hash) !== null) {
            if (!isInside) opener = link
            // In a list, its entries lead down to the exchange that is shown there.
            const shown = borrowed.find(b => '#' + b.exchange.id === link.hash)
            if (shown !== undefined) {
                event.preventDefault()
                shown.exchange.scrollIntoView({ block: 'start' })
            }
        } else if (!isInside && link === null) {
            close()
        }
    })
    document.addEventListener('keydown', event => { if (event.key === 'Escape') close() })
    addEventListener('hashchange', show)
    addEventListener('beforeprint', putBack)
    show()
})()
