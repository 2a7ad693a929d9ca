import{g as o}from"./chunk-RLH3V6A7.js";function e({model:p}){return o("p",{children:p.title})}export{e as default};
