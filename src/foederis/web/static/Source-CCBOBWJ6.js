import{e as a,f as b}from"./chunk-HNO7OJ2M.js";import"./chunk-RKZS2GWU.js";import"./chunk-WGHJM7GW.js";import"./chunk-J4EQQLRF.js";import"./chunk-SQE76S5B.js";export{b as Source,a as sourceWord};
