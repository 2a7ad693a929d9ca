import{g as e}from"./chunk-RLH3V6A7.js";function p({model:o}){return e("p",{children:o.title})}export{p as default};
