import{g as o}from"./chunk-RLH3V6A7.js";function t({model:p}){return o("p",{children:p.title})}export{t as default};
