import{g as r}from"./chunk-RLH3V6A7.js";function o({model:e}){return r("p",{children:e.title})}export{o as default};
