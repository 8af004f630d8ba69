/*
 * Making elements. Text from a bundle is only ever a text node, with what could reorder or hide it made visible, so that a
 * stream or a ticket cannot pretend to be part of this page.
 */

const SVG = 'http://www.w3.org/2000/svg';
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Text that shows as what it is: controls, invisible characters and changes of direction are written out. */
function visible(text) {
  return String(text).replace(UNSAFE, (character) => '\\u' + character.charCodeAt(0).toString(16).padStart(4, '0'));
}

function make(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'onclick' || name === 'oninput') {
      element.addEventListener(name.substr(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) {
      element.append(child instanceof Node ? child : document.createTextNode(visible(child)));
    }
  }
  return element;
}

function el(name, attributes, ...children) {
  return make(document.createElement(name), attributes, children);
}

function svg(name, attributes, ...children) {
  return make(document.createElementNS(SVG, name), attributes, children);
}

function byId(id) {
  return document.getElementById(id);
}

function show(element, visibleNow) {
  element.hidden = !visibleNow;
}
